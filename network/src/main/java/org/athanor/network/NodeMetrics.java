package org.athanor.network;

import java.util.function.Supplier;
import org.athanor.stratum.NodeStatus;

/** What Prometheus is told about the node that a pool mines for. */
record NodeMetrics(FoundBlocks found, Supplier<NodeStatus> node) {
    void write(PrometheusText text) {
        var status = node.get();
        text.single(
                "athanor_pool_node_connected",
                "gauge",
                "1 while the node gives templates; at 0 jobs may be of an old tip.",
                status.connected() ? 1 : 0);
        text.single(
                "athanor_pool_node_problem",
                "gauge",
                "1 while something is wrong that the pool's status line says in words.",
                status.problem().isPresent() ? 1 : 0);
        text.single("athanor_pool_node_block_height", "gauge", "Height of the block that is mined.", status.height());
        status.templateAt()
                .ifPresent(at -> text.single(
                        "athanor_pool_node_template_timestamp_seconds",
                        "gauge",
                        "When the present template came, since 1970.",
                        at.toEpochMilli() / 1e3));
        text.single("athanor_pool_node_templates_total", "counter", "Templates since the start.", (double)
                status.templates());
        text.single("athanor_pool_node_tip_changes_total", "counter", "Templates of another tip.", (double)
                status.tipChanges());
        text.single(
                "athanor_pool_blocks_waiting",
                "gauge",
                "Found blocks that the node has not answered yet.",
                found.pending());
    }
}
