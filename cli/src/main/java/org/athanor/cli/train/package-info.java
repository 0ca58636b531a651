/** {@code athanor train}, {@code worker} and {@code sample}: training from the command line. */
package org.athanor.cli.train;
