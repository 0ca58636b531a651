/** What holds the house together: rules over all modules, whole-program tests, foreign peers. Never shipped. */
package org.athanor.conformance;
