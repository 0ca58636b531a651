/** Miners with Braiins OS, over its REST API: they are told watts. */
package org.athanor.devices.braiins;
