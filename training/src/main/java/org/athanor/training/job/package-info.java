/** A job: everything that workers and coordinator must agree upon. */
package org.athanor.training.job;
