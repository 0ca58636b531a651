/** The athanor command: reads the command line, wires the modules together, prints. */
package org.athanor.cli;
