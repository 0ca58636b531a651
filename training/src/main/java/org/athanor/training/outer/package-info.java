/** The outer loop: what a worker sends after its steps, and what the coordinator makes of all that were sent. */
package org.athanor.training.outer;
