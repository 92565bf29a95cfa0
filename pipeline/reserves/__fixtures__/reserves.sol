// SPDX-License-Identifier: MIT
// Small protocols that work: what they say follows from what was paid in, lent out, borrowed or frozen, as in the real ones.
// reserves.json beside this file holds their runtime code; `npm exec -- tsx pipeline/sources/__fixtures__/compile.ts
// pipeline/reserves/__fixtures__/reserves.sol` renews it.
pragma solidity 0.8.37;

contract Token {
    uint256 public totalSupply;
    uint8 public decimals;
    string public symbol;
    mapping(address => uint256) public balanceOf;

    function set(uint8 decimals_, string calldata symbol_) external {
        decimals = decimals_;
        symbol = symbol_;
    }

    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
    }

    function move(address from, address to, uint256 amount) public {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

contract LitePsm {
    address public gem;
    address public pocket;

    function set(address gem_, address pocket_) external {
        gem = gem_;
        pocket = pocket_;
    }
}

/// Shares of one asset, part of which is lent out.
contract Vault {
    Token public asset;
    uint256 public totalSupply;
    uint256 public deployed;
    address private market;

    function set(Token asset_, address market_) external {
        asset = asset_;
        market = market_;
    }

    function deposit(uint256 amount) external {
        totalSupply += totalSupply == 0 ? amount : (amount * totalSupply) / totalAssets();
        asset.mint(address(this), amount);
    }

    function lend(uint256 amount) external {
        asset.move(address(this), market, amount);
        deployed += amount;
    }

    function totalAssets() public view returns (uint256) {
        return asset.balanceOf(address(this)) + deployed;
    }

    function convertToAssets(uint256 shares) external view returns (uint256) {
        return totalSupply == 0 ? shares : (shares * totalAssets()) / totalSupply;
    }
}

/// Writes when it is asked, as the real one does: a reader must not change it.
contract PriceFeed {
    uint256 public lastGoodPrice;
    uint256 public asked;

    function set(uint256 price) external {
        lastGoodPrice = price;
    }

    function fetchPrice() external returns (uint256) {
        asked += 1;
        return lastGoodPrice;
    }
}

contract TroveManager {
    uint256 public getEntireSystemColl;
    uint256 public getEntireSystemDebt;
    uint256 public constant MCR = 1.1e18;
    uint256 public getRedemptionRateWithDecay;

    function set(uint256 coll, uint256 debt, uint256 rate) external {
        getEntireSystemColl = coll;
        getEntireSystemDebt = debt;
        getRedemptionRateWithDecay = rate;
    }

    function getTCR(uint256 price) external view returns (uint256) {
        return (getEntireSystemColl * price) / getEntireSystemDebt;
    }
}

contract Branch {
    uint256 public getBoldDebt;
    bool public hasBeenShutDown;

    function set(uint256 debt, bool shut) external {
        getBoldDebt = debt;
        hasBeenShutDown = shut;
    }
}

contract Registry {
    uint256 public getRedemptionRateWithDecay;

    function set(uint256 rate) external {
        getRedemptionRateWithDecay = rate;
    }
}

contract FxPool {
    uint256 public getTotalRawCollaterals;
    uint256 public getTotalRawDebts;

    function set(uint256 coll, uint256 debt) external {
        getTotalRawCollaterals = coll;
        getTotalRawDebts = debt;
    }
}

contract FeeStrategy {
    uint256 private bps;

    function set(uint256 bps_) external {
        bps = bps_;
    }

    function getBuyFee(uint256 amount) external view returns (uint256) {
        return (amount * bps) / 10_000;
    }
}

/// A stability module with a cap, whose assets may have lost or gained against what it issued.
contract Gsm {
    uint256 public cap;
    uint256 public getUsed;
    uint256 private held;
    bool public getIsFrozen;
    bool public getIsSeized;
    address public getFeeStrategy;

    function set(uint256 cap_, address strategy) external {
        cap = cap_;
        getFeeStrategy = strategy;
    }

    function sell(uint256 amount) external {
        require(getUsed + amount <= cap, "cap");
        getUsed += amount;
        held += amount;
    }

    function lose(uint256 amount) external {
        held -= amount;
    }

    function close(bool frozen, bool seized) external {
        getIsFrozen = frozen;
        getIsSeized = seized;
    }

    function getCurrentBacking() external view returns (uint256, uint256) {
        return held >= getUsed ? (held - getUsed, uint256(0)) : (uint256(0), getUsed - held);
    }
}

contract Gho {
    struct Facilitator {
        uint128 bucketCapacity;
        uint128 bucketLevel;
        string label;
    }

    uint256 public totalSupply;
    address[] private list;
    mapping(address => Facilitator) private byAddress;

    function add(address facilitator, uint128 level, string calldata label) external {
        list.push(facilitator);
        byAddress[facilitator] = Facilitator(level, level, label);
        totalSupply += level;
    }

    function getFacilitatorsList() external view returns (address[] memory) {
        return list;
    }

    function getFacilitator(address facilitator) external view returns (Facilitator memory) {
        return byAddress[facilitator];
    }
}

/// Token and vault in one, assets lent and paused one by one.
contract CapVault {
    uint256 public totalSupply;
    uint8 public constant decimals = 18;
    address[] private list;
    mapping(address => uint256) public totalSupplies;
    mapping(address => uint256) public totalBorrows;
    mapping(address => bool) public paused;
    mapping(address => uint256) private burnFeeBps;

    function charge(address asset, uint256 bps) external {
        burnFeeBps[asset] = bps;
    }

    function getBurnAmount(Token asset, uint256 amount) external view returns (uint256, uint256) {
        uint256 whole = (amount * 10 ** asset.decimals()) / 1e18;
        uint256 fee = (whole * burnFeeBps[address(asset)]) / 10_000;
        return (whole - fee, fee);
    }

    function mint(Token asset, uint256 amount, uint256 shares) external {
        if (totalSupplies[address(asset)] == 0) list.push(address(asset));
        totalSupplies[address(asset)] += amount;
        totalSupply += shares;
    }

    function borrow(address asset, uint256 amount) external {
        totalBorrows[asset] += amount;
    }

    function pause(address asset, bool is_) external {
        paused[asset] = is_;
    }

    function assets() external view returns (address[] memory) {
        return list;
    }

    function getAllAssets() external view returns (address[] memory) {
        return list;
    }

    function availableBalance(address asset) external view returns (uint256) {
        return totalSupplies[asset] - totalBorrows[asset];
    }
}

/// Owes more with time than has been sent to it, and can be stopped.
contract Savings is Vault {
    bool public paused;

    function accrue(uint256 amount) external {
        deployed += amount;
    }

    function pause(bool is_) external {
        paused = is_;
    }

    function previewRedeem(uint256 shares) external view returns (uint256) {
        return totalSupply == 0 ? shares : (shares * totalAssets()) / totalSupply;
    }
}

contract RateSetter {
    uint256 public redemptionRate;

    function set(uint256 rate) external {
        redemptionRate = rate;
    }
}

/// Swaps another franc one for one, and back no more than it issued.
contract StablecoinBridge {
    Token public chf;
    uint256 public minted;

    function set(Token chf_) external {
        chf = chf_;
    }

    function mint(uint256 amount) external {
        chf.mint(address(this), amount);
        minted += amount;
    }

    function burn(address target, uint256 amount) external {
        minted -= amount;
        chf.move(address(this), target, amount);
    }
}

contract IdlePayer {
    bool public paused;

    function pause(bool is_) external {
        paused = is_;
    }
}

contract PairRegistry {
    address[] private list;
    address public redemptionHandler;

    function set(address handler) external {
        redemptionHandler = handler;
    }

    function add(address pair) external {
        list.push(pair);
    }

    function getAllPairAddresses() external view returns (address[] memory) {
        return list;
    }
}

/// Part of every pair's debt must stay; anybody redeems only below a price while the guard is on.
contract RedemptionHandler {
    uint256 private constant LEFTOVER = 1000e18;
    mapping(address => uint256) private debt;
    bool public guardEnabled;
    uint256 public permissionlessPriceThreshold;

    function borrow(address pair, uint256 amount) external {
        debt[pair] += amount;
    }

    function guard(bool enabled, uint256 threshold) external {
        guardEnabled = enabled;
        permissionlessPriceThreshold = threshold;
    }

    function getMaxRedeemableDebt(address pair) external view returns (uint256) {
        return debt[pair] < LEFTOVER ? 0 : debt[pair] - LEFTOVER;
    }
}

contract PriceInCrvusd {
    uint256 public oraclePriceAsCrvusd;

    function set(uint256 price) external {
        oraclePriceAsCrvusd = price;
    }
}

/// Pledges below 130 % can be redeemed until they are back at it.
contract Pledges {
    uint256 private constant MCR = 13_000;
    uint256 private price;
    uint256[] private colls;
    uint256[] private debts;

    function set(uint256 price_) external {
        price = price_;
    }

    function pledge(uint256 coll, uint256 debt) external {
        colls.push(coll);
        debts.push(debt);
    }

    function getRedeemablesCap() external view returns (uint256 cap) {
        for (uint256 i = 0; i < colls.length; i++) {
            uint256 icr = (colls[i] * price * 10_000) / (debts[i] * 1e18);
            if (icr >= MCR) continue;
            cap += icr >= 10_000 ? (debts[i] * (MCR - icr)) / (MCR - 10_000) : (colls[i] * price) / 1e18;
        }
    }
}

contract FarmRegistry {
    mapping(address => mapping(uint256 => address[])) private farms;

    function add(address asset, uint256 kind, address farm) external {
        farms[asset][kind].push(farm);
    }

    function getAssetTypeFarms(address asset, uint256 kind) external view returns (address[] memory) {
        return farms[asset][kind];
    }
}

contract Farm {
    Token private asset;

    function set(Token asset_) external {
        asset = asset_;
    }

    function liquidity() public view returns (uint256) {
        return asset.balanceOf(address(this));
    }
}

/// Pays what it holds and queues the rest.
contract RedeemController is Farm {
    uint256 public totalEnqueuedRedemptions;
    bool public paused;

    function pause(bool is_) external {
        paused = is_;
    }

    function redeem(uint256 amount) external {
        require(!paused, "paused");
        uint256 wanted = amount / 1e12;
        if (wanted > liquidity()) totalEnqueuedRedemptions += amount - liquidity() * 1e12;
    }
}
