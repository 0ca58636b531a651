/** Decides ahead: the cheapest course of heat and work over the next day or two for a room that is known as a model. */
package org.athanor.comfort.planning;
