/** This computer as a heater: busy threads are its levels, RAPL its meter where the system lets us read it. */
package org.athanor.devices.cpu;
