/** The engine itself: runs in the child process only, where native code may crash or run out of memory. */
package org.athanor.training.engine.libtorch;
