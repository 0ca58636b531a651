package org.athanor.edge;

import java.util.Locale;
import java.util.Map;

/**
 * Why the edge does not take something, in English; another language has its own words for the same places in braces. Logs and
 * programs are always told the English.
 */
public enum RefusalWords {
    /** Of a setting or a field: {@code accepted} is one of the second part below. */
    SETTING("{field} {value}: {accepted} is accepted"),

    STARTING("the page is starting"),
    NOT_PAIRED("this device is not paired: enter the code that the heater's own page shows"),
    ONLY_OWN_COMPUTER("only the heater's own computer may ask: pairing is not set up"),
    NO_PAIRING("pairing is not set up here"),
    CODE_ELSEWHERE("only the heater's own computer may show a code: open its page there"),
    NO_DEVICE("device {device}: no such device is paired"),
    HOST("Host {host}: this page answers to {names} and to its address"),
    ORIGIN("Origin {origin}: only this page itself may change a setting, not another one"),
    FETCH_SITE("Sec-Fetch-Site {site}: same-origin or none is accepted"),
    CONTENT_TYPE("Content-Type {type}: application/json is accepted"),
    NO_ROOM("room {room}: one of {rooms} is accepted"),
    NOTHING_AT("nothing at {path}"),
    NO_CYCLE("the first control cycle has not ended yet"),
    SINCE("since {since}: an instant such as 2026-01-15T06:00:00Z is accepted"),
    PAGES("at most {most} pages at a time"),
    LOCKED("the child lock is on: its code opens it"),
    LOCK_CODE_WRONG("this is not the code of the child lock"),
    LOCK_CODES_TOO_MANY("too many wrong codes: wait {minutes} minutes, then try again"),

    TEMPERATURE("a temperature in °C"),
    SETPOINT("a setpoint from {lowest} to {highest} °C"),
    POWER("a power from 0 to 100000 W"),
    INSTANT("an instant such as 2026-02-01T12:00:00Z, or the home's time such as 2026-02-01T12:00"),
    CLOCK("a time such as 06:30"),
    DAYS("a list of some of mon, tue, wed, thu, fri, sat, sun"),
    OTHER_THAN_FROM("a time other than quiet.from"),
    AFTER_FROM("a time after vacation.from {from} within a year"),
    END_WITH_SETPOINT("an end only together with setpointCelsius"),
    SCHEDULE("a list of 1 to {most} of {\"days\", \"from\", \"celsius\"}"),
    ONE_SETPOINT("one setpoint for each day and time"),
    MINUTES("1 to {most} minutes"),
    WHOLE_MINUTES("a whole number of minutes"),
    TRUE_OR_FALSE("true or false"),
    PRESET("eco, comfort or boost"),
    PRESET_OR_NONE("eco, comfort, boost or none"),
    MODE("off, heat or auto"),
    COMMAND("setpoint, mode or preset"),
    NOTHING_WHILE_LOCKED("nothing while the child lock is on"),
    NOTHING_BEFORE_A_CYCLE("nothing before the first control cycle"),
    LOCK_BY_CODE("POST lock or unlock, with a code,"),
    LOCK_CODE("a code of 4 to 8 digits"),
    PAIRING_CODE("the code that the heater shows ({left} tries left)"),
    PAIRING_CODE_ONE_TRY("the code that the heater shows (1 try left)"),
    NO_PAIRING_CODE("none at the moment: ask the heater's own page for one"),
    DEVICE_NAME("a name of 1 to {most} characters"),
    FEWER_DEVICES("at most {most}: revoke one first"),
    TEXT("a text"),
    TEXT_OF_DIGITS("a text of digits"),
    TEXT_OF_EIGHT_DIGITS("a text of 8 digits"),
    SETTINGS("an object of settings"),
    OBJECT_OF("an object of {fields}"),
    OBJECT_SUCH_AS("an object such as {example}"),
    NONE_BUT("none but {fields}");

    private final String english;

    RefusalWords(String english) {
        this.english = english;
    }

    /** With the places of its values in braces. */
    public String english() {
        return english;
    }

    /** Under which the page finds its words. */
    public String key() {
        return "refused-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public RefusalReason alone() {
        return new RefusalReason(this, Map.of());
    }

    public RefusalReason with(String place, Object value) {
        return new RefusalReason(this, Map.of(place, value));
    }

    public RefusalReason with(String place, Object value, String other, Object otherValue) {
        return new RefusalReason(this, Map.of(place, value, other, otherValue));
    }
}
