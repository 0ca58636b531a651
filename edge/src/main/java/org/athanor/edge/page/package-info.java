/**
 * The heater's own page: state, history and events over HTTP on the loopback address, and the one thing it lets a
 * user change, the setpoint. Every request is checked against its Host, every write against its Origin too, so that a
 * page from elsewhere cannot move a heater.
 */
package org.athanor.edge.page;
