/** SHA-256d, block headers, targets and nonce scanners. */
module org.athanor.hash {
    exports org.athanor.hash;

    uses org.athanor.hash.NonceScanner;
}
