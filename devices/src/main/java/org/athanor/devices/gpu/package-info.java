/** GPUs as heaters. NVIDIA's library runs in a child process, never in this one. */
package org.athanor.devices.gpu;
