/** All drivers of heaters under the names that configurations and discovery use. */
package org.athanor.devices.drivers;
