/**
 * What is expected of the hours to come: clients of a weather and a price service. They ask in the background, keep the last
 * good reply on the disk, and never let a broken one take its place. {@link org.athanor.edge.forecast.OutlookSource} is all that
 * control sees of them.
 */
package org.athanor.edge.forecast;
