/** The {@code athanor} command: parses, wires, prints. What it starts lives in the other modules. */
package org.athanor.cli;
