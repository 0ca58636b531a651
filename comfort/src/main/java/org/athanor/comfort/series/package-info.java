/** Weather, sun and prices over time: readers of their texts, and what is expected of them. */
package org.athanor.comfort.series;
