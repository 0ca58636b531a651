/** Whatsminers with their maker's firmware, over its API of version 2 (TCP 4028) or 3 (TCP 4433): they are told watts. */
package org.athanor.devices.whatsminer;
