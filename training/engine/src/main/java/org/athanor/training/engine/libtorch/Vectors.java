package org.athanor.training.engine.libtorch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Flat tensors in files: 32-bit floats, little-endian, one tensor behind the other. */
final class Vectors {
    private Vectors() {}

    static void write(Path file, Tensor... tensors) throws IOException {
        try (var _ = new PointerScope(); // copies of what lies on a card
                var channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            for (var tensor : tensors) {
                var near = tensor.cpu(); // itself, when it is no card's
                for (var bytes = memory(near); bytes.hasRemaining(); ) {
                    channel.write(bytes);
                }
            }
        }
    }

    /** @throws IOException when the file does not hold just as many numbers; the tensors are then as before */
    static void read(Path file, Tensor... tensors) throws IOException {
        try (var _ = new PointerScope();
                var channel = FileChannel.open(file)) {
            long wanted = 0;
            for (var tensor : tensors) {
                wanted += tensor.numel() * Float.BYTES;
            }
            if (channel.size() != wanted) {
                throw new IOException(
                        file.getFileName() + " must have " + wanted + " bytes, but has " + channel.size());
            }
            for (var tensor : tensors) {
                var near = tensor.cpu();
                for (var bytes = memory(near); bytes.hasRemaining(); ) {
                    if (channel.read(bytes) < 0) {
                        throw new IOException(file.getFileName() + " became shorter while it was read");
                    }
                }
                if (near.data_ptr().address() != tensor.data_ptr().address()) {
                    tensor.copy_(near);
                }
            }
        }
    }

    private static ByteBuffer memory(Tensor tensor) {
        var pointer = new org.bytedeco.javacpp.BytePointer(tensor.data_ptr());
        return pointer.capacity(tensor.numel() * Float.BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
