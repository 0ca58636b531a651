/**
 * Learns a room from its thermometer, its heat and its weather: room models of one to three nodes side by side, how they
 * did so far, and what people and appliances add by hour of the week. Pure; its state goes into bytes and back.
 */
package org.athanor.comfort.learning;
