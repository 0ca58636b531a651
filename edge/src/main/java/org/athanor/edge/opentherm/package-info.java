/** The heating that a room has anyway, behind an OpenTherm gateway. */
package org.athanor.edge.opentherm;
