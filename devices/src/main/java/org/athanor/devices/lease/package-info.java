/** What is computed here and now is lent: whoever hangs heats no longer than whoever died. */
package org.athanor.devices.lease;
