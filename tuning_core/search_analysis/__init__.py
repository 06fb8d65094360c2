"""What a finished search tells: points, heat map, importance, divergence, range edges, the winner's curse."""
