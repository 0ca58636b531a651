/** Quantities with their units: the vocabulary every other module speaks. */
module org.athanor.units {
    exports org.athanor.units;
}
