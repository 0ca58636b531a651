package org.athanor.devices.simulated;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.athanor.devices.simulated.CgminerFormat.Reply;
import org.athanor.devices.simulated.CgminerServer.Answer;

/** What happens to requests and replies of the cgminer family between a firmware and its peer: the faults of the wire. */
final class CgminerWire {
    private static final Set<Fault> SHOWS = Faults.of(
            Fault.UNREACHABLE,
            Fault.SILENT,
            Fault.LATE,
            Fault.GARBAGE,
            Fault.TRUNCATED,
            Fault.WRONG_REPLY,
            Fault.BROKEN_JSON,
            Fault.HOLDS_CONNECTION);

    private static final String RUBBISH = "HTTP/1.0 400 \u0001\u0002 lighttpd?";

    private CgminerWire() {}

    /** Those of the wire, and what else a device shows. */
    static Set<Fault> with(Fault... others) {
        var all = EnumSet.copyOf(SHOWS);
        Collections.addAll(all, others);
        return Collections.unmodifiableSet(all);
    }

    /** What a firmware answers to one command. */
    interface Firmware {
        /** Empty when it closes the connection without a reply. */
        Optional<Reply> reply(String command, String parameter);

        Reply invalid();
    }

    static Answer answer(String request, Faults faults, Firmware firmware) {
        return answer(faults, () -> text(request, firmware), () -> other(request, firmware));
    }

    /**
     * @param reply what is answered; empty when the connection is closed without one
     * @param other what answers another request
     */
    static Answer answer(Faults faults, Supplier<Optional<String>> reply, Supplier<String> other) {
        if (faults.contains(Fault.UNREACHABLE)) return new Answer.Reset();
        if (faults.contains(Fault.SILENT)) return new Answer.NeverAnswer();
        if (faults.contains(Fault.GARBAGE)) return new Answer.Text(RUBBISH, false);
        if (faults.contains(Fault.WRONG_REPLY)) return new Answer.Text(other.get(), false);
        var text = reply.get();
        if (text.isEmpty()) return new Answer.CloseSilently();
        if (faults.contains(Fault.LATE)) return new Answer.Late(text.get());
        if (faults.contains(Fault.TRUNCATED)) return new Answer.Half(text.get());
        boolean broken = faults.contains(Fault.BROKEN_JSON) && text.get().startsWith("{");
        return new Answer.Text(
                broken ? CgminerFormat.broken(text.get()) : text.get(), faults.contains(Fault.HOLDS_CONNECTION));
    }

    private static Optional<String> text(String text, Firmware firmware) {
        var request = CgminerFormat.parse(text);
        if (request.isEmpty()) return Optional.of(CgminerFormat.plain(Map.of("", firmware.invalid())));
        var replies = new LinkedHashMap<String, Reply>();
        for (var command : request.get().commands()) {
            var reply = firmware.reply(command, request.get().parameter());
            if (reply.isEmpty()) return Optional.empty();
            replies.put(command, reply.get());
        }
        return Optional.of(request.get().json() ? CgminerFormat.json(replies) : CgminerFormat.plain(replies));
    }

    private static String other(String text, Firmware firmware) {
        var asked = CgminerFormat.parse(text).map(CgminerFormat.Request::commands);
        var other = asked.isPresent() && asked.get().contains("version") ? "summary" : "version";
        return text("{\"command\":\"" + other + "\"}", firmware).orElseThrow();
    }
}
