/** Room models, weather and price readers, thermostat, dispatch and safety governor: pure, no clock, no I/O. */
package org.athanor.comfort;
