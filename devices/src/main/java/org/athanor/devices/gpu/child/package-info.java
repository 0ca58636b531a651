/** The child process that calls NVIDIA's library: it needs the JDK alone, and may die. */
package org.athanor.devices.gpu.child;
