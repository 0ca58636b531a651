/** What every command needs of the terminal it runs in: what it says, what it is told, and how it ends. */
package org.athanor.cli.terminal;
