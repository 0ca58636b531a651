package org.athanor.comfort;

/**
 * @param level what it is to run at, 0 for off
 * @param asItStarted true: its mains came back, it goes on by itself at what it did last, and nothing is to be told to it while it cannot
 *     be judged yet; {@code level} is 0 then
 * @param plugOn true: switch the plug on and renew its countdown; false: switch it off. Without meaning for a heater without plug
 * @param reason why this level, in a few words
 */
public record HeaterCommand(int level, boolean asItStarted, boolean plugOn, String reason) {
    public HeaterCommand(int level, boolean plugOn, String reason) {
        this(level, false, plugOn, reason);
    }
}
