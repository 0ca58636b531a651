package org.athanor.comfort;

/**
 * @param plugOn true: switch the plug on and renew its countdown; false: switch it off. Without meaning for a heater without plug
 * @param reason why this level, in a few words
 */
public record HeaterCommand(int level, boolean plugOn, String reason) {}
