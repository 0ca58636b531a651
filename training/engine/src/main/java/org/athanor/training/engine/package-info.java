/** Starts the engine in a process of its own, behind a sandbox, and speaks with it. */
package org.athanor.training.engine;
