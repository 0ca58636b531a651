/** Nonce scanners with the Vector API, found as services. */
module org.athanor.hash.vector {
    requires org.athanor.hash;
    requires jdk.incubator.vector;

    provides org.athanor.hash.NonceScanner with
            org.athanor.hash.vector.Vector128Scanner,
            org.athanor.hash.vector.Vector256Scanner,
            org.athanor.hash.vector.Vector512Scanner;
}
