/**
 * Avalon home heaters over the cgminer protocol on TCP 4028.
 *
 * <p>A reply is never believed: a level is what {@code WORKMODE}, {@code WORKLEVEL} and {@code SoftOFF} say afterwards.
 * Broken replies are repaired in one place, {@code JsonRepair}.
 */
package org.athanor.devices.avalon;
