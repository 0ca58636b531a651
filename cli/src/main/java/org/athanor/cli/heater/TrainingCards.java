package org.athanor.cli.heater;

import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.athanor.cli.heater.HomeSetup.Gpu;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.devices.Computation;
import org.athanor.devices.DeviceException;
import org.athanor.devices.gpu.GpuHeater;
import org.athanor.devices.gpu.LimitedGpu;
import org.athanor.training.engine.EngineLibraries.Places;

/**
 * How this computer's NVIDIA GPUs are opened, and what those compute that train.
 *
 * @param library NVIDIA's, by which they are read and limited
 * @param engine  where the libraries of an engine are that computes on the card of a UUID, and on nothing else
 */
record TrainingCards(String library, Function<String, Places> engine) {
    static TrainingCards ofThisComputer() {
        return new TrainingCards(GpuHeater.LIBRARY, uuid -> Places.usual().onCard(uuid));
    }

    /** Opens them as cards that are only limited. */
    Cards.Driver limited() {
        return (id, card, limits) -> LimitedGpu.open(id, library, card, limits);
    }

    /**
     * A card that heats with what we compute on it.
     *
     * @throws UserMistake if there is no driver or no such card, or it does not take these limits
     */
    GpuHeater computing(HeaterEntry entry, Gpu gpu, Computation computation) {
        try {
            return GpuHeater.open(entry.id(), library, gpu.card(), gpu.limits(), computation);
        } catch (DeviceException e) {
            throw new UserMistake("heater " + entry.id() + ", kind gpu: " + e.getMessage(), e);
        }
    }

    /** What a card draws just now, W; empty while it does not answer. */
    static OptionalDouble draws(GpuHeater card) {
        try {
            return OptionalDouble.of(card.draws().value());
        } catch (DeviceException silent) {
            return OptionalDouble.empty(); // control, which reads it too, tells of it
        }
    }

    /** As soon as it is opened. */
    static GpuHeater once(Future<GpuHeater> opened) throws InterruptedException {
        try {
            return opened.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a card is opened or not, and never by halves", e);
        }
    }
}
