/** Miners with LuxOS, over its API on TCP 4028: they are told profiles. */
package org.athanor.devices.luxos;
