/**
 * S2 (EN 50491-12-2): {@link org.athanor.edge.s2.ResourceManager} offers a room with its heaters to an energy manager as a storage
 * of heat (fill rate based control), over WebSocket and JSON. Source of messages, fields and rules: the published schemas,
 * s2-ws-json 1.0.0-beta of the FlexiblePower Alliance Network, a specification that is still under development.
 */
package org.athanor.edge.s2;
