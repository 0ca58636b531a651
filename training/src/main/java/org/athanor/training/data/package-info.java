/** Which tokens which worker sees when: a function of seed, round and worker, so that anyone can recompute it. */
package org.athanor.training.data;
