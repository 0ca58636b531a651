package org.athanor.training.engine.libtorch;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.engine.EngineWire;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** The engine as a program: commands on standard input, replies on descriptor 3, files in its working folder. It ends with its input. */
public final class EngineMain {
    private final PrintStream replies;
    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final Interruptions interruptions = new Interruptions();
    private final Session session;

    private EngineMain(PrintStream replies) {
        this.replies = replies;
        session = new Session(Path.of(""), interruptions, this::say);
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 1 && arguments[0].equals("--unpack")) {
            Loader.load(torch.class);
            return;
        }
        // whatever a model or a library prints must not look like a reply
        var replies = new PrintStream(new FileOutputStream("/dev/fd/3"), false, StandardCharsets.UTF_8);
        var engine = new EngineMain(replies);
        Thread.ofPlatform().name("steps").daemon().start(engine::run);
        engine.listen();
    }

    /** Reads on while a round runs, so that it can be interrupted. */
    private void listen() throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            switch (EngineWire.command(line)) {
                case EngineCommand.Threads threads -> interruptions.threads(threads.count());
                case EngineCommand.Halt _ -> interruptions.halt();
                case EngineCommand command -> work.add(() -> obey(command));
            }
        }
        System.exit(0); // nobody is there any more: even a step that runs is of no use
    }

    private void run() {
        try {
            while (true) {
                work.take().run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void obey(EngineCommand command) {
        EngineReply reply;
        try {
            reply = session.obey(command);
        } catch (IOException | RuntimeException failed) {
            reply = new EngineReply.Failed(Session.reason(failed));
        } catch (OutOfMemoryError failed) {
            reply = new EngineReply.Failed("out of memory: " + failed.getMessage());
        } catch (LinkageError broken) {
            broken.printStackTrace();
            reply = new EngineReply.Failed("libtorch does not load: " + broken.getMessage());
        } catch (Error broken) { // a module of a thousand modules in each other, for example
            broken.printStackTrace();
            reply = new EngineReply.Failed(broken.toString());
        }
        say(reply);
    }

    private void say(EngineReply reply) {
        replies.println(EngineWire.line(reply));
        replies.flush();
    }

    /** What may be asked for in the middle of a round. */
    static final class Interruptions {
        private final AtomicInteger threads = new AtomicInteger();
        private volatile boolean halt;

        void threads(int count) {
            threads.set(count);
        }

        void halt() {
            halt = true;
        }

        /** The threads asked for since the last call; 0 when none were. */
        int takeThreads() {
            return threads.getAndSet(0);
        }

        boolean takeHalt() {
            var asked = halt;
            halt = false;
            return asked;
        }
    }
}
