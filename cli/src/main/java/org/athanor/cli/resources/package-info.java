/** What a command holds open while it runs. */
package org.athanor.cli.resources;
