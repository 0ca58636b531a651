/** How small devices are asked over HTTP, and what they answer in JSON. */
package org.athanor.devices.http;
