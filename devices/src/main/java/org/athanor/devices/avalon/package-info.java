/**
 * Avalon home heaters and A15 miners over the cgminer protocol on TCP 4028.
 *
 * <p>A reply is never believed: a level is what {@code WORKMODE}, {@code WORKLEVEL} and {@code SoftOFF} say afterwards.
 */
package org.athanor.devices.avalon;
