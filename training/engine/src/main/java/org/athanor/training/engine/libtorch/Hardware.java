package org.athanor.training.engine.libtorch;

import static org.bytedeco.pytorch.global.torch.cuda_is_available;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What computes: the processor, or the first card where libtorch finds one.
 *
 * @param card whether it is a card
 */
record Hardware(Device device, boolean card) {
    static Hardware ofThisMachine() {
        return cuda_is_available()
                ? new Hardware(new Device(DeviceType.CUDA, (byte) 0), true)
                : new Hardware(new Device(DeviceType.CPU), false);
    }

    DeviceType type() {
        return card ? DeviceType.CUDA : DeviceType.CPU;
    }

    boolean multipliesBfloat16() {
        return card || Processor.multipliesBfloat16();
    }

    /** Floats, shape [size]. */
    Tensor zeros(long size) {
        return torch.zeros(new long[] {size}, new TensorOptions(ScalarType.Float).device(new DeviceOptional(device)));
    }

    /** Whole numbers that lie in the program's memory, where they can be computed with. */
    Tensor take(Tensor whole) {
        return card ? whole.to(device, ScalarType.Long) : whole;
    }
}
