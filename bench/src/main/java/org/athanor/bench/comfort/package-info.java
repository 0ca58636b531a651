/** How well rooms are kept and what it costs, beside thermostats and the best that perfect foresight could do. */
package org.athanor.bench.comfort;
