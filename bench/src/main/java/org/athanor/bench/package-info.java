/** One program a question; each prints a table with its baseline, measured in the same run. */
package org.athanor.bench;
