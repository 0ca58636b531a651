/**
 * The API of cgminer and its descendants on TCP 4028, in both dialects: what all its drivers share. Broken replies are repaired in
 * one place, {@code JsonRepair}.
 */
package org.athanor.devices.cgminer;
