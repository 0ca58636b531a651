/** Vectors of floats as few bytes: how updates of a model are sent, up and down. */
package org.athanor.training.update;
