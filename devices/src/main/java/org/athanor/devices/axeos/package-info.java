/** Small open-source miners whose firmware is AxeOS (ESP-Miner): Bitaxe and its relatives. */
package org.athanor.devices.axeos;
