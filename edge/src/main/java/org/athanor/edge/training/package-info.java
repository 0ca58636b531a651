/** A worker of a training job: what a home's machine computes when training pays best. */
package org.athanor.edge.training;
