/** Compute heaters that can be bought, as data: every figure carries where it is from. For planning, not for driving them. */
package org.athanor.devices.catalogue;
