/** Antminers with their maker's firmware: settings over its web pages (HTTP digest), readings over the cgminer API. */
package org.athanor.devices.antminer;
