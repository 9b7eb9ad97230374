package io.bitrouter.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;

/**
 * What a client was told to have used.
 *
 * @param prompt all of the prompt, what a cache had too
 * @param cacheRead what was read from a cache
 * @param completion all that was generated
 */
record Seen(long prompt, long cacheRead, long completion) {

  /** Checks that the only row of this test says the same, and that it costs what it should. */
  void mustBeBooked(NodeWorld world, Vendor upstream, Tokens said) {
    Tokens booked = upstream.booked(said);
    BookedRow row =
        world
            .ledger()
            .only()
            .ended("succeeded", 200)
            .used("reported", prompt, completion)
            .charged("computed", booked.nanoUsd());
    assertThat(
            new Tokens(
                row.bucket("uncached_input"),
                row.bucket("cache_read"),
                row.bucket("cache_write_5m"),
                row.bucket("output"),
                row.bucket("reasoning")))
        .as("buckets of %s", row)
        .isEqualTo(booked);
    assertThat(cacheRead).isEqualTo(booked.cacheRead());
    assertThat(row.text("provider_id")).isEqualTo(upstream.provider());
    assertThat(row.text("upstream_protocol")).isEqualTo(upstream.protocol());
  }
}
