/** The books: exact settlement of work into money, credit lines, statements. */
module org.athanor.ledger {
    requires transitive org.athanor.units;

    exports org.athanor.ledger;
}
