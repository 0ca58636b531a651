package org.athanor.network.training;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.athanor.training.mailbox.Messages;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Objects in a bucket of an S3-compatible store, as {@code PREFIX/JOB/HASH}. Its keys stay here: workers get addresses for one
 * object each. What they bring must have the SHA-256 and the length that were signed, or a store that checks refuses it.
 */
public final class S3Store implements OutsideStore {
    /** A transfer must begin within that time; a slow line may take longer. */
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;
    /** Of a multipart upload: S3 takes none below 5 MiB but the last. */
    static final long PART = 8 << 20;
    /** Addresses for so many are signed at once: the last must still be good when a slow line has come to it. */
    private static final int PARTS_AT_ONCE = 4;

    private static final int JOB_LETTERS = 16;
    private static final int HASH_LENGTH = 64;

    private final S3Settings settings;
    private final String prefix;
    private final S3Client client;
    private final S3Presigner presigner;

    private S3Store(S3Settings settings, String job, AwsCredentialsProvider credentials) {
        this.settings = settings;
        var above = settings.prefix().isEmpty() || settings.prefix().endsWith("/")
                ? settings.prefix()
                : settings.prefix() + "/";
        prefix = above + job.substring(0, JOB_LETTERS) + "/";
        var region = Region.of(settings.region());
        // stores other than Amazon's are not reached by bucket.HOST, and know fewer checksums
        var style = S3Configuration.builder()
                .pathStyleAccessEnabled(settings.endpoint() != null)
                .build();
        var clients = S3Client.builder()
                .region(region)
                .credentialsProvider(credentials)
                .serviceConfiguration(style)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE));
        var presigners = S3Presigner.builder()
                .region(region)
                .credentialsProvider(credentials)
                .serviceConfiguration(style);
        if (settings.endpoint() != null) {
            clients.endpointOverride(settings.endpoint());
            presigners.endpointOverride(settings.endpoint());
        }
        client = clients.build();
        presigner = presigners.build();
    }

    /**
     * The store of a job, with the keys that the environment tells: variables {@code AWS_ACCESS_KEY_ID} and
     * {@code AWS_SECRET_ACCESS_KEY}, or what else AWS's tools look at.
     *
     * @param job id of the job
     * @throws IOException when the bucket cannot be used
     */
    public static S3Store open(S3Settings settings, String job) throws IOException {
        return open(settings, job, DefaultCredentialsProvider.builder().build());
    }

    /**
     * Looks whether a bucket can be used, before there is a job.
     *
     * @throws IOException when it cannot
     */
    public static void check(S3Settings settings) throws IOException {
        open(settings, "0".repeat(JOB_LETTERS)).close();
    }

    static S3Store open(S3Settings settings, String job, AwsCredentialsProvider credentials) throws IOException {
        try {
            credentials.resolveCredentials();
        } catch (SdkException none) {
            throw new IOException(
                    "there are no keys for it in the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a"
                            + " profile of AWS's tools",
                    none);
        }
        var store = new S3Store(settings, job, credentials);
        try {
            store.all();
            return store;
        } catch (IOException unusable) {
            store.close();
            throw unusable;
        }
    }

    /** What the SDK throws, in words that name the place. */
    private interface Call<T> {
        T run();
    }

    private <T> T asked(String what, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (AwsServiceException refused) {
            var details = refused.awsErrorDetails();
            throw new IOException(
                    place() + " refuses to " + what + ": "
                            + (details == null ? "status " + refused.statusCode() : details.errorMessage()) + " ("
                            + refused.statusCode() + ")",
                    refused);
        } catch (SdkException failed) {
            throw new IOException(place() + " cannot be asked to " + what + ": " + failed.getMessage(), failed);
        }
    }

    private String place() {
        return "the bucket " + settings.bucket() + " of "
                + (settings.endpoint() == null
                        ? "Amazon S3"
                        : settings.endpoint().getAuthority());
    }

    private String key(String hash) {
        return prefix + hash;
    }

    @Override
    public Map<String, Lying> all() throws IOException {
        return asked("list objects", () -> {
            var lying = new HashMap<String, Lying>();
            var pages = client.listObjectsV2Paginator(
                    list -> list.bucket(settings.bucket()).prefix(prefix));
            for (var object : pages.contents()) {
                var name = object.key().substring(prefix.length());
                if (name.length() == HASH_LENGTH) {
                    lying.put(name, new Lying(object.size(), object.lastModified()));
                }
            }
            return lying;
        });
    }

    @Override
    public void put(String hash, byte[] object) throws IOException {
        asked(
                "take an object",
                () -> client.putObject(
                        put -> put.bucket(settings.bucket()).key(key(hash)).checksumSHA256(base64(hash)),
                        RequestBody.fromBytes(object)));
    }

    /** As a header of S3 says a hash. */
    private static String base64(String hash) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hash));
    }

    @Override
    public byte[] get(String hash, long most) throws IOException {
        return asked("give an object", () -> {
            try (var body = client.getObject(
                    get -> get.bucket(settings.bucket()).key(key(hash)).range("bytes=0-" + most))) {
                return body.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
            } catch (NoSuchKeyException _) {
                return null;
            } catch (IOException broke) {
                throw SdkException.create(broke.getMessage(), broke);
            }
        });
    }

    @Override
    public boolean holds(String hash, long bytes) throws IOException {
        return asked("look for an object", () -> {
            try {
                return client.headObject(head -> head.bucket(settings.bucket()).key(key(hash)))
                                .contentLength()
                        == bytes;
            } catch (AwsServiceException none) {
                if (none.statusCode() != NOT_FOUND) {
                    throw none;
                }
                return false;
            }
        });
    }

    @Override
    public void delete(String hash) throws IOException {
        asked(
                "delete an object",
                () -> client.deleteObject(
                        delete -> delete.bucket(settings.bucket()).key(key(hash))));
    }

    @Override
    public void withdraw(String hash) throws IOException {
        delete(hash);
        asked("list unfinished uploads", () -> {
            abort(unfinished(key(hash)));
            return null;
        });
    }

    @Override
    public URI fetchFrom(String hash) {
        var signed = presigner.presignGetObject(presign -> presign.signatureDuration(GOOD_FOR)
                .getObjectRequest(get -> get.bucket(settings.bucket()).key(key(hash))));
        return URI.create(signed.url().toString());
    }

    @Override
    public Messages.Place bringTo(String hash, long bytes) throws IOException {
        return bytes > PART ? partsOf(hash, bytes) : new Messages.Place(false, List.of(whole(hash, bytes)), false);
    }

    private Messages.Piece whole(String hash, long bytes) {
        var signed = presigner.presignPutObject(presign -> presign.signatureDuration(GOOD_FOR)
                .putObjectRequest(put -> put.bucket(settings.bucket())
                        .key(key(hash))
                        .contentLength(bytes)
                        .checksumSHA256(base64(hash))));
        return piece(0, bytes, signed);
    }

    private static Messages.Piece piece(long from, long bytes, PresignedRequest signed) {
        var headers = signed.signedHeaders().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> String.join(",", header.getValue())));
        return new Messages.Piece(from, bytes, signed.url().toString(), headers);
    }

    /**
     * A large object comes as a multipart upload, so that a line that breaks costs one part. The store itself knows which parts
     * it has: a coordinator that starts anew goes on with them.
     */
    private Messages.Place partsOf(String hash, long bytes) throws IOException {
        return asked("take an object in parts", () -> {
            var upload = begun(hash)
                    .map(MultipartUpload::uploadId)
                    .orElseGet(() -> client.createMultipartUpload(
                                    create -> create.bucket(settings.bucket()).key(key(hash)))
                            .uploadId());
            var there = new TreeMap<Integer, Part>();
            client.listPartsPaginator(list ->
                            list.bucket(settings.bucket()).key(key(hash)).uploadId(upload))
                    .parts()
                    .forEach(part -> there.put(part.partNumber(), part));
            var missing = new ArrayList<Messages.Piece>();
            for (var from = 0L; from < bytes && missing.size() < PARTS_AT_ONCE; from += PART) {
                var number = (int) (from / PART) + 1;
                var length = Math.min(PART, bytes - from);
                var lying = there.get(number);
                if (lying == null || lying.size() != length) {
                    missing.add(piece(from, length, signed(hash, upload, number, length)));
                }
            }
            if (!missing.isEmpty()) {
                return new Messages.Place(false, missing, true);
            }
            client.completeMultipartUpload(complete -> complete.bucket(settings.bucket())
                    .key(key(hash))
                    .uploadId(upload)
                    .multipartUpload(parts -> parts.parts(there.values().stream()
                            .map(part -> CompletedPart.builder()
                                    .partNumber(part.partNumber())
                                    .eTag(part.eTag())
                                    .build())
                            .toList())));
            return new Messages.Place(false, List.of(), false);
        });
    }

    private PresignedRequest signed(String hash, String upload, int number, long length) {
        return presigner.presignUploadPart(presign -> presign.signatureDuration(GOOD_FOR)
                .uploadPartRequest(part -> part.bucket(settings.bucket())
                        .key(key(hash))
                        .uploadId(upload)
                        .partNumber(number)
                        .contentLength(length)));
    }

    /** An upload of an object that has not come as a whole. */
    private Optional<MultipartUpload> begun(String hash) {
        return unfinished(key(hash)).findFirst();
    }

    private Stream<MultipartUpload> unfinished(String keys) {
        return client
                .listMultipartUploadsPaginator(
                        list -> list.bucket(settings.bucket()).prefix(keys))
                .uploads()
                .stream();
    }

    @Override
    public void dropUnfinished(Instant old) throws IOException {
        asked("list unfinished uploads", () -> {
            abort(unfinished(prefix).filter(upload -> upload.initiated().isBefore(old)));
            return null;
        });
    }

    private void abort(Stream<MultipartUpload> uploads) {
        uploads.forEach(upload -> client.abortMultipartUpload(
                abort -> abort.bucket(settings.bucket()).key(upload.key()).uploadId(upload.uploadId())));
    }

    @Override
    public void close() {
        client.close();
        presigner.close();
    }
}
