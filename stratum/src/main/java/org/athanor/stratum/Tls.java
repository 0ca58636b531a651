package org.athanor.stratum;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.athanor.hash.Hex;

/** The client's end of TLS. */
final class Tls {
    private Tls() {}

    /** TLS over a connected socket, which stays the caller's to close: closing TLS may wait for a peer that is deaf. */
    static Socket over(Socket socket, InetSocketAddress pool, PoolTrust trust, Duration timeout) throws IOException {
        try {
            return switch (trust) {
                case PoolTrust.SystemStore() -> over(socket, pool, SSLContext.getDefault(), "HTTPS", timeout);
                case PoolTrust.Pinned pinned -> {
                    var context = SSLContext.getInstance("TLS");
                    context.init(null, new TrustManager[] {new PinnedCertificate(pinned)}, null);
                    yield over(socket, pool, context, "", timeout);
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
    }

    /** @param identification how the certificate's name is checked, as in {@code SSLParameters}; empty for not at all */
    static Socket over(
            Socket socket, InetSocketAddress pool, SSLContext context, String identification, Duration timeout)
            throws IOException {
        var tls =
                (SSLSocket) context.getSocketFactory().createSocket(socket, pool.getHostString(), pool.getPort(), true);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(identification);
        tls.setSSLParameters(parameters);
        socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
        tls.startHandshake();
        return tls;
    }

    /** Extended, so that Java adds no checks of its own. */
    private static final class PinnedCertificate extends X509ExtendedTrustManager {
        private final PoolTrust.Pinned pinned;

        PinnedCertificate(PoolTrust.Pinned pinned) {
            this.pinned = pinned;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            try {
                var digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
                if (!Hex.encode(digest).equals(pinned.sha256()))
                    throw new CertificateException("the pool's certificate has SHA-256 " + Hex.encode(digest)
                            + ", expected is " + pinned.sha256());
            } catch (GeneralSecurityException e) {
                throw e instanceof CertificateException c ? c : new CertificateException(e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("clients are not trusted here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("clients are not trusted here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("clients are not trusted here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
