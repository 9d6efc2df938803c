package io.djong.engine.container;

import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Draws names for containers that were not given one: an adjective and a thing of the sea.
final class DrawnNames {
  private static final String[] ADJECTIVES =
      ("able airy amber ample brave breezy bright brisk calm candid careful cheerful clever cool"
              + " copper coral crisp curious daring deft eager early easy fair fearless fine fleet"
              + " fond free fresh gentle glad golden grand green hardy hearty honest humble jolly"
              + " keen kind level light lively loyal lucky mellow merry mild misty modest neat nimble"
              + " noble patient placid plucky polite proud quick quiet rapid ready robust rosy royal"
              + " salty serene sharp silent silver sleek smart smooth snug sober solid spry stable"
              + " steady stout sturdy sunny sure swift tender tidy tough trim true upright vivid warm"
              + " watchful wise witty young zesty")
          .split(" ", -1);
  private static final String[] THINGS =
      ("albatross anchor archipelago atoll bay beacon boatswain bow breaker breeze buoy cabin canoe"
              + " capstan captain cargo cay channel chart clipper coast compass cormorant cove crab"
              + " current cutter deck delta dhow dinghy dolphin drift estuary ferry fjord fleet fog"
              + " frigate galley gannet gull gulf harbour haven heron horizon hull island isthmus jetty"
              + " junk kayak keel kelp knot ladder lagoon lantern lighthouse lobster lugger mainsail"
              + " manta mariner mast mooring narwhal navigator oar octopus otter outrigger paddle"
              + " pelican pier pilot plank porpoise port prow puffin quay raft reef rigging rudder sail"
              + " schooner sextant shallows shoal shore skipper sloop sound squid starfish stern strait"
              + " surf tern tide tiller trawler turtle voyage walrus wave whale wharf yawl")
          .split(" ", -1);

  private final RandomGenerator random;

  DrawnNames(RandomGenerator random) {
    this.random = random;
  }

  /// @param free whether a name may be had
  String draw(Predicate<String> free) {
    for (int attempt = 0; ; attempt++) {
      String name =
          ADJECTIVES[random.nextInt(ADJECTIVES.length)]
              + "_"
              + THINGS[random.nextInt(THINGS.length)];
      if (attempt > 6) {
        name += random.nextInt(1 << Math.min(30, attempt));
      }
      if (free.test(name)) {
        return name;
      }
    }
  }
}
